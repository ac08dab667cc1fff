open('/tmp/pwned_by_helper', 'w')
