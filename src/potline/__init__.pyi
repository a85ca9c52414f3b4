"""The public vocabulary, for type checkers; `__init__.py` imports each name only when it is used."""

from potline._version import (
    __version__ as __version__,
)
from potline.agreement import (
    CoalitionGame as CoalitionGame,
)
from potline.agreement import (
    Conditional as Conditional,
)
from potline.agreement import (
    GreenPorter as GreenPorter,
)
from potline.agreement import (
    Grim as Grim,
)
from potline.agreement import (
    MeetingResult as MeetingResult,
)
from potline.agreement import (
    Remedy as Remedy,
)
from potline.agreement import (
    StickAndCarrot as StickAndCarrot,
)
from potline.agreement import (
    agreement_share as agreement_share,
)
from potline.agreement import (
    attribution as attribution,
)
from potline.agreement import (
    cartel_stability as cartel_stability,
)
from potline.agreement import (
    compare_institutions as compare_institutions,
)
from potline.agreement import (
    convene as convene,
)
from potline.agreement import (
    core as core,
)
from potline.agreement import (
    critical_discount_factor as critical_discount_factor,
)
from potline.agreement import (
    divide as divide,
)
from potline.agreement import (
    divide_meeting as divide_meeting,
)
from potline.agreement import (
    enforcement as enforcement,
)
from potline.agreement import (
    enforcement_over_time as enforcement_over_time,
)
from potline.agreement import (
    incentives as incentives,
)
from potline.agreement import (
    institution_share as institution_share,
)
from potline.agreement import (
    margin_sensitivity as margin_sensitivity,
)
from potline.agreement import (
    meeting as meeting,
)
from potline.agreement import (
    nash_bargaining as nash_bargaining,
)
from potline.agreement import (
    nucleolus as nucleolus,
)
from potline.agreement import (
    payoff_set as payoff_set,
)
from potline.agreement import (
    propose as propose,
)
from potline.agreement import (
    remedy as remedy,
)
from potline.agreement import (
    shapley as shapley,
)
from potline.agreement import (
    stability_map as stability_map,
)
from potline.agreement import (
    tornado as tornado,
)
from potline.agreement import (
    trigger_range as trigger_range,
)
from potline.agreement import (
    turning_points as turning_points,
)
from potline.answers import (
    Answers as Answers,
)
from potline.answers import (
    hindcast as hindcast,
)
from potline.answers import (
    record as record,
)
from potline.cases import (
    Case as Case,
)
from potline.cases import (
    Factor as Factor,
)
from potline.cases import (
    InputRange as InputRange,
)
from potline.cases import (
    Meeting as Meeting,
)
from potline.cases import (
    Outcome as Outcome,
)
from potline.cases import (
    load as load,
)
from potline.cases import (
    new as new,
)
from potline.cases import (
    shipped as shipped,
)
from potline.compiled import (
    CompiledIndustry as CompiledIndustry,
)
from potline.compiled import (
    DrawnChange as DrawnChange,
)
from potline.compiled import (
    compile_industry as compile_industry,
)
from potline.costs import (
    CostCurve as CostCurve,
)
from potline.costs import (
    cost_curve as cost_curve,
)
from potline.equilibrium import (
    Cartel as Cartel,
)
from potline.equilibrium import (
    CashCost as CashCost,
)
from potline.equilibrium import (
    Competitive as Competitive,
)
from potline.equilibrium import (
    Conjectural as Conjectural,
)
from potline.equilibrium import (
    Cournot as Cournot,
)
from potline.equilibrium import (
    JointCap as JointCap,
)
from potline.equilibrium import (
    Leader as Leader,
)
from potline.equilibrium import (
    MarketEquilibrium as MarketEquilibrium,
)
from potline.equilibrium import (
    Stage as Stage,
)
from potline.equilibrium import (
    StopAndRestart as StopAndRestart,
)
from potline.equilibrium import (
    Successive as Successive,
)
from potline.equilibrium import (
    Sweep as Sweep,
)
from potline.equilibrium import (
    Tolerance as Tolerance,
)
from potline.equilibrium import (
    alumina_market as alumina_market,
)
from potline.equilibrium import (
    alumina_relief as alumina_relief,
)
from potline.equilibrium import (
    chain as chain,
)
from potline.equilibrium import (
    chain_relief as chain_relief,
)
from potline.equilibrium import (
    solve as solve,
)
from potline.equilibrium import (
    solve_lines as solve_lines,
)
from potline.errors import (
    CertificateFailed as CertificateFailed,
)
from potline.errors import (
    Infeasible as Infeasible,
)
from potline.errors import (
    InputError as InputError,
)
from potline.errors import (
    PotlineError as PotlineError,
)
from potline.errors import (
    Problem as Problem,
)
from potline.evidence import (
    alumina_imports as alumina_imports,
)
from potline.evidence import (
    no_deal_market as no_deal_market,
)
from potline.industry import (
    Activity as Activity,
)
from potline.industry import (
    Amount as Amount,
)
from potline.industry import (
    Change as Change,
)
from potline.industry import (
    CostStep as CostStep,
)
from potline.industry import (
    CrossTerm as CrossTerm,
)
from potline.industry import (
    Efficient as Efficient,
)
from potline.industry import (
    Firm as Firm,
)
from potline.industry import (
    FixedDemand as FixedDemand,
)
from potline.industry import (
    Government as Government,
)
from potline.industry import (
    ImportParity as ImportParity,
)
from potline.industry import (
    Industry as Industry,
)
from potline.industry import (
    Input as Input,
)
from potline.industry import (
    InputMarket as InputMarket,
)
from potline.industry import (
    IsoelasticDemand as IsoelasticDemand,
)
from potline.industry import (
    IsoelasticLocalDemand as IsoelasticLocalDemand,
)
from potline.industry import (
    JointCut as JointCut,
)
from potline.industry import (
    LinearDemand as LinearDemand,
)
from potline.industry import (
    LocalDemand as LocalDemand,
)
from potline.industry import (
    LumpSum as LumpSum,
)
from potline.industry import (
    Network as Network,
)
from potline.industry import (
    Place as Place,
)
from potline.industry import (
    Plant as Plant,
)
from potline.industry import (
    PowerSubsidy as PowerSubsidy,
)
from potline.industry import (
    PriceProcess as PriceProcess,
)
from potline.industry import (
    Product as Product,
)
from potline.industry import (
    Project as Project,
)
from potline.industry import (
    ProRata as ProRata,
)
from potline.industry import (
    Quota as Quota,
)
from potline.industry import (
    Refinery as Refinery,
)
from potline.industry import (
    Route as Route,
)
from potline.industry import (
    SmoothCost as SmoothCost,
)
from potline.industry import (
    Stated as Stated,
)
from potline.industry import (
    StatePurchase as StatePurchase,
)
from potline.industry import (
    Stock as Stock,
)
from potline.industry import (
    Trade as Trade,
)
from potline.industry import (
    Tranche as Tranche,
)
from potline.plausibility import (
    CaseWarning as CaseWarning,
)
from potline.plausibility import (
    UsualRange as UsualRange,
)
from potline.plausibility import (
    check as check,
)
from potline.plausibility import (
    usual_ranges as usual_ranges,
)
from potline.questions.verbs import (
    brief as brief,
)
from potline.questions.verbs import (
    rerun as rerun,
)
from potline.questions.verbs import (
    run as run,
)
from potline.shutdown import (
    estimate_price_process as estimate_price_process,
)
from potline.shutdown import (
    stopping_prices as stopping_prices,
)
from potline.sources import (
    Claim as Claim,
)
from potline.sources import (
    Claims as Claims,
)
from potline.sources import (
    Interval as Interval,
)
from potline.sources import (
    Source as Source,
)
from potline.verification import (
    Check as Check,
)
from potline.verification import (
    verify as verify,
)
