"""Mixed complementarity: problem, scaling, Newton, pivoting, interior point, certificate."""
