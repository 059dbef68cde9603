"""Ringing browsers by Web Push (RFC 8030, 8291, 8292): keys, sealing, whither it may go, and who carries it."""
