"""What happened: one append-only, sealed trail. It is evidence, live feed, outbox and cache key in one."""
