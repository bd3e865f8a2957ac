using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>
/// The part of Python's pickle format that describes data, protocols 2 to 5: numbers, texts, tuples, lists and dictionaries, and by the caller's
/// leave the names of functions and their results. There is no instruction here that makes an object of a class.
/// </summary>
/// <param name="pickle">The whole pickle.</param>
/// <param name="nameOf">What the name in a module stands for.</param>
/// <param name="call">The result of a function for arguments.</param>
/// <param name="refer">What an object stands for that is stored elsewhere.</param>
internal sealed class PickleReader(
    byte[] pickle, Func<string, string, object> nameOf, Func<object, object?[], object> call, Func<object?[], object> refer)
{
    private static readonly object s_mark = new();

    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;

    /// <exception cref="InvalidDataException">An instruction is not of this part, or the pickle ends too early.</exception>
    public object? Read()
    {
        try
        {
            while (true)
            {
                byte code = Next(1)[0];
                if (code == (byte)'.')
                {
                    return _stack.Pop();
                }

                Do(code);
            }
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("Its pickle takes more from its stack than there is: it is damaged.", e);
        }
    }

    private void Do(byte code)
    {
        switch ((char)code)
        {
            case '\x80': Next(1); break; // the protocol
            case '\x95': Next(8); break; // the length of a frame
            case '(': _stack.Push(s_mark); break;
            case 'N': _stack.Push(null); break;
            case '\x88': _stack.Push(true); break;
            case '\x89': _stack.Push(false); break;
            case 'K': _stack.Push((long)Next(1)[0]); break;
            case 'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Next(2))); break;
            case 'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Next(4))); break;
            case '\x8a': _stack.Push(Long(Next(Next(1)[0]))); break;
            case 'G': _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Next(8))); break;
            case 'X': _stack.Push(Text(BinaryPrimitives.ReadInt32LittleEndian(Next(4)))); break;
            case '\x8c': _stack.Push(Text(Next(1)[0])); break;
            case ')': _stack.Push(Array.Empty<object?>()); break;
            case 't': _stack.Push(ToMark()); break;
            case '\x85' or '\x86' or '\x87': _stack.Push(Last(code - 0x84)); break;
            case ']': _stack.Push(new List<object?>()); break;
            case 'a' or 'e': Append(code == 'a' ? Last(1) : ToMark()); break;
            case '}': _stack.Push(new Dictionary<string, object?>()); break;
            case 's' or 'u': Set(code == 's' ? Last(2) : ToMark()); break;
            case 'q': _memo[Next(1)[0]] = _stack.Peek(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Next(4))] = _stack.Peek(); break;
            case '\x94': _memo[_memo.Count] = _stack.Peek(); break;
            case 'h': Recall(Next(1)[0]); break;
            case 'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Next(4))); break;
            case 'c': _stack.Push(nameOf(Line(), Line())); break;
            case '\x93': Name(Last(2)); break;
            case 'R': Call(Last(2)); break;
            case 'b': _stack.Pop(); break; // attributes of a dictionary, which are no entries
            case 'Q': _stack.Push(refer((object?[])_stack.Pop()!)); break;
            default: throw new InvalidDataException($"Its pickle has the instruction 0x{code:x2}, which no state dict has.");
        }
    }

    private void Name(object?[] names) => _stack.Push(nameOf((string)names[0]!, (string)names[1]!));

    private void Call(object?[] parts) => _stack.Push(call(parts[0]!, (object?[])parts[1]!));

    private void Append(object?[] items) => ((List<object?>)_stack.Peek()!).AddRange(items);

    private void Set(object?[] items)
    {
        var entries = (Dictionary<string, object?>)_stack.Peek()!;
        foreach (object?[] pair in items.Chunk(2))
        {
            entries[(string)pair[0]!] = pair[1];
        }
    }

    private void Recall(long key) => _stack.Push(
        _memo.TryGetValue(key, out object? value) ? value : throw new InvalidDataException("Its pickle refers to nothing: it is damaged."));

    private object?[] ToMark()
    {
        var items = new List<object?>();
        for (object? item = _stack.Pop(); item != s_mark; item = _stack.Pop())
        {
            items.Add(item);
        }

        items.Reverse();
        return [.. items];
    }

    private object?[] Last(int count)
    {
        object?[] items = [.. Enumerable.Range(0, count).Select(_ => _stack.Pop())];
        Array.Reverse(items);
        return items;
    }

    private ReadOnlySpan<byte> Next(int count)
    {
        if (count < 0 || count > pickle.Length - _position)
        {
            throw new InvalidDataException("Its pickle ends too early: it is damaged.");
        }

        _position += count;
        return pickle.AsSpan(_position - count, count);
    }

    private string Text(int length) => Encoding.UTF8.GetString(Next(length));

    private string Line()
    {
        int length = pickle.AsSpan(_position).IndexOf((byte)'\n');
        string line = Text(length);
        Next(1);
        return line;
    }

    // Of two's complement, as few bytes as it takes.
    private static long Long(ReadOnlySpan<byte> bytes) => (long)new BigInteger(bytes);
}
