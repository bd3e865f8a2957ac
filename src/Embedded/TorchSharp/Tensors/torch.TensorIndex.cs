namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// One part of an index between brackets: a place, a range, a truth value, a tensor, `...` or a new dimension.
    /// </summary>
    public readonly struct TensorIndex
    {
        public static TensorIndex Ellipsis = new(Form.Ellipsis);
        public static TensorIndex None = new(Form.None);
        public static TensorIndex Null = None;
        public static TensorIndex Colon = Slice();

        private TensorIndex(Form kind) => Kind = kind;

        internal enum Form
        {
            None,
            Ellipsis,
            Single,
            Slice,
            Bool,
            Tensor,
        }

        internal Form Kind { get; }

        internal long? Start { get; private init; }

        internal long? Stop { get; private init; }

        internal long? Step { get; private init; }

        internal torch.Tensor? Places { get; private init; }

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Index index) => Single(Place(index));
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);

        public static TensorIndex Single(long? index) => index is { } place ? new(Form.Single) { Start = place } : None;

        public static TensorIndex Bool(bool value) => new(Form.Bool) { Start = value ? 1 : 0 };

        public static TensorIndex Tensor(torch.Tensor tensor) => new(Form.Tensor) { Places = tensor };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(Form.Slice) { Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int?, int?) range) => Slice(range.Item1, range.Item2);

        // A range's end may be ^0, the end itself.
        public static TensorIndex Slice(Range range) =>
            Slice(Place(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Place(range.End));

        private static long Place(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
