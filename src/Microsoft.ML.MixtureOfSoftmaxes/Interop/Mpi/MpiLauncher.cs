using System.Globalization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// What mpirun, mpiexec or srun say to a process they start, in the environment: so it is known without MPI, and before it, whether there are
/// others. The variables of a batch script alone (SLURM_NTASKS) are no sign: a program in it that srun did not start is one process.
/// </summary>
/// <param name="Rank">Which of the processes this is, from 0.</param>
/// <param name="Size">How many there are.</param>
/// <param name="LocalRank">Which of those on this machine; null where it is not said.</param>
/// <param name="IsOpenMpi">Whether the processes are Open MPI's; null where any MPI may have been started.</param>
internal sealed record MpiLauncher(int Rank, int Size, int? LocalRank, bool? IsOpenMpi)
{
    /// <summary>Null for a process that stands alone.</summary>
    public static MpiLauncher? Current { get; } = Of(Environment.GetEnvironmentVariable);

    public static MpiLauncher? Of(Func<string, string?> environment)
    {
        return Of("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", isOpenMpi: true)
            ?? Of("PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", isOpenMpi: false)
            ?? Of("PMI_RANK", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", isOpenMpi: null)
            ?? Of("PMIX_RANK", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", isOpenMpi: null);

        MpiLauncher? Of(string rank, string size, string localRank, bool? isOpenMpi) =>
            Number(rank) is int r && Number(size) is > 1 and int s ? new(r, s, Number(localRank), isOpenMpi) : null;

        int? Number(string name) =>
            int.TryParse(environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
