"""What goes over the wire, one file per resource. Knows core's values and the stores' rows, never HTTP."""
