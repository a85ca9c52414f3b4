"""``python -m potline`` is the command line."""

from potline.cli import main

if __name__ == "__main__":
    main()
