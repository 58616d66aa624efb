// saturated, old and new build in turns
