using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>Values that stand in an entry of their own, each of so many bytes.</summary>
internal sealed record PickledStorage(string Key, ScalarType Type, int Size, long Count);

/// <summary>A tensor as a pickle describes it: which of the values of a storage it is of.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
