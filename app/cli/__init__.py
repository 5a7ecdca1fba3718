"""Commands of the operator: `flask company …`, `flask demo …`, `flask dispatch`, `flask journal …`."""
