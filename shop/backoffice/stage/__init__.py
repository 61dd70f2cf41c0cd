"""What only a demo has: one-tap roles, the stage, the robots' switch. Its addresses exist when DEMO is on."""
