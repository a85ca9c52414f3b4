"""Parts of the script that builds the case china-aluminium-2013."""
