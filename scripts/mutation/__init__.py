"""Do the cases notice a changed rule? One small change at a time, in rules, money and calendar."""
