"""The SQL that writes, and the loads that it needs; one file for each thing that is kept."""
