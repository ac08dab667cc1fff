"""Who runs next: strategies, schedules as data, and making a losing one short. Layer 1, pure; also inside the pod."""
