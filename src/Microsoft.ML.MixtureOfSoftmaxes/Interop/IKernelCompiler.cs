namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Compiles CUDA C.</summary>
internal interface IKernelCompiler
{
    /// <summary>The compiler's version and how it is set: another one may compile otherwise.</summary>
    string Version { get; }

    /// <summary>Compiles to the code of one kind of GPU.</summary>
    /// <param name="source">CUDA C that includes nothing.</param>
    /// <param name="architecture">Such as 90 for an H100.</param>
    /// <exception cref="CudaException">It does not compile; the message has what the compiler says.</exception>
    byte[] Compile(string source, int architecture);
}
