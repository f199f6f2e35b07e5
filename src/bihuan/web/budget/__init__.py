"""Money by budget year and source."""
