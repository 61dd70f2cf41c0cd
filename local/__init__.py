"""Everything that stands in for the real world on one machine. The shop never imports this package."""
