"""Parts of the script that builds the cases of June 2013, December 2015 and July 2017."""
