"""A pinball museum: machines, problem reports by QR code, maintenance log, parts."""
