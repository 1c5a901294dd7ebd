"""How any article is read and cited; what every municipality must be able to answer."""
