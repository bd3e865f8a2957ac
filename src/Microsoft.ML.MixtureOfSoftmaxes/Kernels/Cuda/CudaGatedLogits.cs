using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The logits of those words of a chunk that have gates of their own, and the way back from their gradient: products by cuBLAS, the tree of gates
/// between them one kernel each way.
/// </summary>
internal sealed class CudaGatedLogits
{
    /// <summary>As many as the kernels take.</summary>
    public const int MaxExperts = 32;

    private const int Threads = 256;

    private readonly IKernelLauncher _launcher;
    private readonly MixtureInputs _inputs;
    private readonly GateTensors _gates;
    private readonly int _first, _tokens;
    private readonly Tensor _z_n_s;
    private readonly Tensor _weight_s_d, _contexts_nk_d, _logits_nk_s;
    private readonly Tensor _embedding_s_e, _features_ni_e, _inputs_ni_s;

    /// <summary>Puts them in the place of those of the first words.</summary>
    /// <param name="launcher">Runs the kernels.</param>
    /// <param name="inputs">The mixtures, which have gates.</param>
    /// <param name="weight_v_e">The decoder as a factor; its first d columns are used.</param>
    /// <param name="z_n_v">The logits of the chunk.</param>
    /// <param name="first">The first token of the chunk.</param>
    /// <param name="tokens">Its tokens.</param>
    public CudaGatedLogits(IKernelLauncher launcher, MixtureInputs inputs, Tensor weight_v_e, Tensor z_n_v, int first, int tokens)
    {
        (_launcher, _inputs, _gates, _first, _tokens) = (launcher, inputs, inputs.Gates!, first, tokens);
        _z_n_s = z_n_v.narrow(1, 0, _gates.Words);
        _weight_s_d = weight_v_e.narrow(0, 0, _gates.Words).narrow(1, 0, inputs.Size);
        _contexts_nk_d = Chunk(_gates.Contexts).to(inputs.FactorType);
        _logits_nk_s = _contexts_nk_d.mm(_weight_s_d.t());
        _embedding_s_e = _gates.Embedding.to(inputs.FactorType);
        _features_ni_e = Chunk(_gates.Features).to(inputs.FactorType);
        _inputs_ni_s = _features_ni_e.mm(_embedding_s_e.t());
        (nint z, nint logits, nint gates) = Pointers();
        launcher.Launch(
            Name("gate_mix"), Blocks, Threads, z, logits, gates, TensorPointer.Of(_gates.Shared.narrow(0, first, tokens)),
            TensorPointer.Of(_gates.Bias), TensorPointer.Of(inputs.Bias), _gates.Words, z_n_v.stride(0), _gates.Experts, tokens);
    }

    /// <summary>The memory of what a token needs for it.</summary>
    public static long BytesPerToken(GateTensors gates, int bytesPerNumber) =>
        (gates.Experts + gates.Gates) * (long)gates.Words * bytesPerNumber;

    /// <summary>Takes the gradient of the words' logits, which leaves zeros in its place, on to what made them.</summary>
    /// <param name="gradients">Where the gradients go.</param>
    /// <param name="gradWeight_v_e">That with respect to the decoder as a factor.</param>
    /// <param name="pass">Hears when adding begins.</param>
    public void TakeBack(MixtureGradients gradients, Tensor gradWeight_v_e, ChunkedPass pass)
    {
        Tensor gradBias_s = _z_n_s.sum(dim: 0, type: ScalarType.Float32);
        (nint z, nint logits, nint gates) = Pointers();
        _launcher.Launch(
            Name("gate_gradient"), Blocks, Threads, z, logits, gates, TensorPointer.Of(_gates.Shared.narrow(0, _first, _tokens)),
            TensorPointer.Of(_gates.Bias), _gates.Words, _z_n_s.stride(0), _gates.Experts, _tokens);
        GateTensors gradient = gradients.Gates!;
        Chunk(gradient.Contexts).copy_(_logits_nk_s.mm(_weight_s_d));
        Chunk(gradient.Features).copy_(_inputs_ni_s.mm(_embedding_s_e));
        gradient.Shared.narrow(0, _first, _tokens).copy_(_inputs_ni_s.sum(dim: 1, type: ScalarType.Float32).view(_tokens, _gates.Gates));
        Tensor gradGateBias_i_s = _inputs_ni_s.view(_tokens, _gates.Gates, _gates.Words).sum(dim: 0, type: ScalarType.Float32);
        Tensor gradWeight_s_d = _logits_nk_s.t().mm(_contexts_nk_d), gradEmbedding_s_e = _inputs_ni_s.t().mm(_features_ni_e);
        pass.BeginAdding();
        gradients.Bias.narrow(0, 0, _gates.Words).add_(gradBias_s);
        gradient.Bias.add_(gradGateBias_i_s);
        gradient.Embedding.add_(gradEmbedding_s_e);
        gradWeight_v_e.narrow(0, 0, _gates.Words).narrow(1, 0, _inputs.Size).add_(gradWeight_s_d);
    }

    private int Blocks => (int)((((long)_tokens * _gates.Words) + Threads - 1) / Threads);

    private string Name(string kernel) => $"{kernel}_{(_inputs.RoundFactors ? "bfloat16" : "float32")}";

    private (nint Z, nint Logits, nint Inputs) Pointers() =>
        (TensorPointer.Of(_z_n_s), TensorPointer.Of(_logits_nk_s), TensorPointer.Of(_inputs_ni_s));

    /// <summary>What the tokens of the chunk have of it, [n K, d].</summary>
    private Tensor Chunk(Tensor x_n_k_d) => x_n_k_d.narrow(0, _first, _tokens).flatten(0, 1);
}
