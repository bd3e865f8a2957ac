namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Whether the processes that MPI started work together.</summary>
public enum DistributedMode
{
    /// <summary>They do where mpirun, mpiexec or srun started this process with others; else MPI is not looked for.</summary>
    Auto,

    /// <summary>Each process works by itself.</summary>
    None,

    /// <summary>They do; without MPI it is an error.</summary>
    Mpi,
}
