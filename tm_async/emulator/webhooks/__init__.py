"""Events pushed to subscribed addresses, written from the vendor's documents alone."""
