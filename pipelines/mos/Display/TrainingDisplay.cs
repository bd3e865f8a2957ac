using Microsoft.ML.MixtureOfSoftmaxes;
using Spectre.Console;

namespace Mos.Display;

/// <summary>Shows training on standard error: a bar on a terminal, messages above it; lines now and then elsewhere.</summary>
internal static class TrainingDisplay
{
    public static T Show<T>(Session session, Func<IProgress<TrainingProgress>, T> train)
    {
        if (!session.IsErrorATerminal)
        {
            return train(new ProgressLines(session.Error));
        }

        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(session.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 16 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                session.MessageWriter = console.WriteLine;
                try
                {
                    return train(new ProgressBar(console, context.AddTask("reading the text")));
                }
                finally
                {
                    session.MessageWriter = null;
                }
            });
    }
}
