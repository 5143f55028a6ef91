"""Metrics for Prometheus: counts of requests, and what the apps' modules `prometheus` tell."""
