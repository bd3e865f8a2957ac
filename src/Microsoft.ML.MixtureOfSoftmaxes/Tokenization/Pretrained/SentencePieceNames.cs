using Google.Protobuf;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// The pieces of a SentencePiece model in the order of their ids. The official tokenizer tells the names of most, but not those of bytes.
/// </summary>
internal static class SentencePieceNames
{
    // Fields of ModelProto, and of its pieces; each with the type of what is written.
    private const uint Piece = (1 << 3) | 2;
    private const uint Name = (1 << 3) | 2;
    private const uint Type = 3 << 3;
    private const int Control = 3;

    /// <exception cref="InvalidProtocolBufferException">It is no such model.</exception>
    public static List<(string Name, bool IsControl)> Read(byte[] model)
    {
        var pieces = new List<(string Name, bool IsControl)>();
        using var input = new CodedInputStream(model);
        while (input.ReadTag() is > 0 and uint tag)
        {
            if (tag == Piece)
            {
                pieces.Add(ReadPiece(input.ReadBytes().ToByteArray()));
            }
            else
            {
                input.SkipLastField();
            }
        }

        return pieces;
    }

    private static (string Name, bool IsControl) ReadPiece(byte[] piece)
    {
        string name = "";
        int type = 1;
        using var input = new CodedInputStream(piece);
        while (input.ReadTag() is > 0 and uint tag)
        {
            switch (tag)
            {
                case Name:
                    name = input.ReadString();
                    break;
                case Type:
                    type = input.ReadInt32();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return (name, type == Control);
    }
}
