"""An industry turned once into read-only arrays with a leading draw axis."""

from potline.compiled.compilation import CompiledIndustry, DrawnChange, compile_industry, frozen

__all__ = ["CompiledIndustry", "DrawnChange", "compile_industry", "frozen"]
