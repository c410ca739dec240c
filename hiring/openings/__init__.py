"""An opening: the job, its weighted skills, its bar, its candidates."""
