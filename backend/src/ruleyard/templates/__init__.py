"""Ready-made rules with holes, and the questions whose answers fill them. Pure but for reading its own package data;
knows `core`; must not know databases, requests or runs."""
