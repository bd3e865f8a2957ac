using Microsoft.ML.MixtureOfSoftmaxes;
using Spectre.Console;

namespace Mos.Display;

/// <summary>Shows the progress of training on standard error.</summary>
internal static class TrainingDisplay
{
    /// <summary>Trains under a progress bar if standard error is a terminal, else with a line now and then.</summary>
    public static T Show<T>(Session session, Func<IProgress<TrainingProgress>, T> train)
    {
        if (!session.IsErrorATerminal)
        {
            return train(new Lines(session.Error));
        }

        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(session.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new ProgressBarColumn { Width = 16 },
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                session.MessageWriter = message => WriteLine(console, message);
                try
                {
                    return train(new Bar(console, context.AddTask("reading the text")));
                }
                finally
                {
                    session.MessageWriter = null;
                }
            });
    }

    /// <summary>
    /// Writes a line above the bar, filled with spaces to the width of the terminal: it is drawn over the bar, which would show
    /// behind a shorter one.
    /// </summary>
    internal static void WriteLine(IAnsiConsole console, string line) => console.Write(Align.Left(new Text(line)));

    /// <summary>A bar of the steps of the epoch, below a line for each validated epoch.</summary>
    private sealed class Bar(IAnsiConsole console, ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = value.StepsPerEpoch;
            task.Value = value.Step;
            task.Description = ProgressText.DescribeStep(value).EscapeMarkup();
            if (value.ValidationPerplexity is not null)
            {
                WriteLine(console, ProgressText.DescribeEpoch(value));
            }
        }
    }

    /// <summary>A line for the first step, every ten seconds, and for each validation.</summary>
    private sealed class Lines(TextWriter writer) : IProgress<TrainingProgress>
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

        private TimeSpan _next = TimeSpan.Zero;

        public void Report(TrainingProgress value)
        {
            if (value.ValidationPerplexity is not null || value.Elapsed >= _next)
            {
                _next = value.Elapsed + s_interval;
                writer.WriteLine(ProgressText.Describe(value));
            }
        }
    }
}
