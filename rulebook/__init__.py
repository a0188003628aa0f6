"""What a rule, a finding, a change and a profile are, and the engine that runs rules. Pure: no files, no clock."""
