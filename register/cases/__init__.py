"""What an office does with a register: import, check, repair, answer, inspect, hand over."""
