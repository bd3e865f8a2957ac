using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Loads text files, a row a line, lazily. Empty lines and lines that begin with <c>//</c> are no rows, nor are lines that begin
/// with <c>#</c> before the first row of a file. Missing fields give the default value of their type.
/// </summary>
public sealed partial class TextLoader
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options, IMultiStreamSource? dataSample)
    {
        Contracts.CheckValue(options, nameof(options));
        _host = env.Register("TextLoader");
        Check(_host, options);
        _options = options;
        TextSample sample = TextSample.Read(options, dataSample);
        _columns = TextColumn.Bind(_host, options, sample);
        _schema = SchemaExtensions.MakeSchema(_columns.Select(column => column.ToDetached(sample)));
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        _host.CheckValue(source, nameof(source));
        return new TextDataView(_host, source, _options, _columns, _schema);
    }

    /// <summary>The options with the columns that the members of a class ask for.</summary>
    internal static Options WithColumnsOf<TInput>(IHostEnvironment env, Options options)
    {
        MemberInfo[] members = SchemaDefinition.MembersOf(typeof(TInput), SchemaDefinition.Direction.Read);
        env.CheckParam(
            members.Length > 0, nameof(TInput), "Should define at least one public, readable field or property in TInput.");
        options.Columns = [.. members.Select(member => ColumnOf(env, member))];
        return options;
    }

    private static Column ColumnOf(IHostEnvironment env, MemberInfo member)
    {
        string what = member is FieldInfo ? "Field" : "Property";
        LoadColumnAttribute load = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw env.Except($"{what} '{member.Name}' is missing the LoadColumnAttribute attribute");
        (_, Type raw) = MemberColumn.RawTypeOf(member);
        env.Check(raw.TryGetDataKind(out DataKind kind), $"{what} {member.Name} is of unsupported type.");
        string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
        return new Column(name, kind, load.Sources, member.GetCustomAttribute<KeyTypeAttribute>()?.KeyCount);
    }

    private static void Check(IHost host, Options options)
    {
        host.CheckParam(
            options.Columns is { Length: > 0 },
            nameof(Options.Columns),
            "The columns must be given: this subset of ML.NET does not read them from the file.");
        if (options.AllowSparse)
            throw new NotSupportedException("AllowSparse: this subset of ML.NET does not read the sparse text format.");
        host.CheckParam(options.MaxRows is null or >= 0, nameof(Options.MaxRows), "Must be non-negative");
        host.CheckParam(options.InputSize is null or >= 0, nameof(Options.InputSize), "Must be non-negative");
        host.CheckParam(options.Separators is { Length: > 0 }, nameof(Options.Separators), "Must specify a separator");
        foreach (char separator in options.Separators)
        {
            host.CheckParam(
                separator is '\t' or >= ' ' and not '"' && !char.IsAsciiDigit(separator),
                nameof(Options.Separators),
                $"Illegal separator: '{separator}'");
        }

        host.CheckParam(
            options.DecimalMarker is '.' or ',',
            nameof(Options.DecimalMarker),
            $"Decimal marker cannot be the '{options.DecimalMarker}' character. It must be '.' or ','.");
        host.CheckParam(
            options.AllowQuoting || options.DecimalMarker != ',' || !options.Separators.Contains(','),
            nameof(Options.AllowQuoting),
            "Quoting must be allowed if decimal marker and separator are the ',' character.");
        host.CheckParam(
            !options.Separators.Contains(options.EscapeChar),
            nameof(Options.EscapeChar),
            $"EscapeChar '{options.EscapeChar}' can't be used both as EscapeChar and separator");
    }
}
