"""How XLA compiles the programs of tests: hundreds of them, most of which run a few times.

Programs without optimization are compiled in a third of the time, and run slowly where arrays are
large. With some of it they take half of the time to compile, and worlds of the size of the embedded
one are solved nearly as fast as users see them. Published tables are held against the programs that
users have: `uv run python -m tests tables`.
"""

NOT_OPTIMIZED, LITTLE_OPTIMIZED = 0, 1
AS_FOR_USERS = ""


def compiler_flags(level: int) -> str:
    """Return what XLA is told, given how much it is to optimize."""
    return (
        f"--xla_backend_optimization_level={level} --xla_cpu_use_fusion_emitters=false"
        " --xla_cpu_parallel_codegen_split_count=1 --xla_llvm_disable_expensive_passes=true"
        " --xla_cpu_multi_thread_eigen=false"
    )
