using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

internal static class Scorers
{
    /// <summary>Long enough for a test to fill the queue while a batch waits for more texts.</summary>
    public static readonly TimeSpan LongLinger = TimeSpan.FromMilliseconds(700);

    public static readonly string[] Texts =
        ["", "a", "b c d e f g", "x y z", "a a a a a a a a a a a a a a", "k j i h", "d", "c x c x"];

    public static ServiceProvider Provide(
        string path, Action<LanguageModelScorerOptions>? configure = null, params ILoggerProvider[] logs) =>
        new ServiceCollection()
            .AddLogging(logging => Array.ForEach(logs, log => logging.AddProvider(log)))
            .AddMixtureOfSoftmaxes(options =>
            {
                options.ModelPath = path;
                options.ReloadInterval = null;
                configure?.Invoke(options);
            })
            .BuildServiceProvider();

    public static ILanguageModelScorer Scorer(this IServiceProvider provider) =>
        provider.GetRequiredService<ILanguageModelScorer>();

    /// <summary>Waits until the condition holds; fails after 20 seconds.</summary>
    public static async Task Eventually(Func<bool> condition, string what)
    {
        for (int i = 0; i < 2000; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"It never came about that {what}.");
    }

    public static void AssertClose(TextScore expected, TextScore actual)
    {
        Assert.AreEqual(expected.LogLikelihood, actual.LogLikelihood, 1e-5 * Math.Abs(expected.LogLikelihood));
        Assert.AreEqual(expected.TokenCount, actual.TokenCount);
        Assert.AreEqual(expected.OutOfVocabularyCount, actual.OutOfVocabularyCount);
        Assert.AreEqual(expected.Perplexity, actual.Perplexity, 1e-5 * expected.Perplexity);
        Assert.AreEqual(expected.BitsPerCharacter, actual.BitsPerCharacter, 1e-5 * expected.BitsPerCharacter);
        Assert.AreSequenceEqual(expected.Tokens.Select(token => token.Token), actual.Tokens.Select(token => token.Token));
        foreach ((TokenScore expectedToken, TokenScore actualToken) in expected.Tokens.Zip(actual.Tokens))
        {
            Assert.AreEqual(
                expectedToken.LogLikelihood, actualToken.LogLikelihood, 1e-5f * Math.Abs(expectedToken.LogLikelihood));
            Assert.AreEqual(expectedToken.IsUnknown, actualToken.IsUnknown);
        }
    }

    public static void AssertClose(IReadOnlyList<TextScore> expected, IReadOnlyList<TextScore> actual)
    {
        Assert.HasCount(expected.Count, actual);
        for (int i = 0; i < expected.Count; i++)
        {
            AssertClose(expected[i], actual[i]);
        }
    }

    public static bool IsClose(TextScore expected, TextScore actual) =>
        Math.Abs(expected.LogLikelihood - actual.LogLikelihood) <= 1e-5 * Math.Abs(expected.LogLikelihood);
}
