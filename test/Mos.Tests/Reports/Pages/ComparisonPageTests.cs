using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Pages;
using Mos.Tests.Support;

namespace Mos.Tests.Reports.Pages;

/// <summary>Comparisons of models of which one predicts so badly that its perplexity is too large for a number.</summary>
[TestClass]
public sealed class ComparisonPageTests
{
    private static readonly ModelComparison s_comparison = new(
        [Model("good", embeddingSize: 4, crossEntropy: 2), Model("bad", embeddingSize: 6, crossEntropy: 800)],
        [new FrequencyBand(1, 1, 5, 5)], [], [], []);

    [TestMethod]
    public void A_perplexity_that_is_no_number_is_in_the_tables_and_has_no_place_on_an_axis()
    {
        var writer = new StringWriter();
        ComparisonPage.Write(writer, s_comparison, []);
        XElement page = HtmlPages.Parse(writer.ToString());
        StringAssert.Contains(HtmlPages.Figure(page, "Perplexity").Element("p")!.Value, "too large");
        Assert.IsEmpty(page.Descendants("main").Descendants("svg"));
        StringAssert.Contains(page.Descendants("table").First().Value, "Infinity");
    }

    private static ComparedModel Model(string name, int embeddingSize, double crossEntropy) => new()
    {
        Name = name,
        Head = LanguageModelHead.Softmax,
        EmbeddingSize = embeddingSize,
        Experts = 1,
        ParameterCount = 100,
        Metrics = new(crossEntropy, TokenCount: 10, OutOfVocabularyCount: 0, RowCount: 2),
        PerplexityInterval = new(Math.Exp(crossEntropy - 1), Math.Exp(crossEntropy + 1)),
        Ratio = name == "good" ? 1 : double.NaN,
        RatioInterval = new(1, 1),
        SecondsPerToken = 1e-5,
        PeakMemoryBytes = 1 << 20,
        PairwiseDivergence = 0.1,
        BandPerplexities = [Math.Exp(crossEntropy)],
        Rank = null,
    };
}
