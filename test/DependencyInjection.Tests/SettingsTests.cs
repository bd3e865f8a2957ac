using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests;

/// <summary>Options of the scorer from configuration.</summary>
[TestClass]
public sealed class SettingsTests
{
    [TestMethod]
    public void Every_option_can_be_set_by_its_name()
    {
        LanguageModelScorerOptions options = Read(
            ("ModelPath", "m.zip"), ("TextColumnName", "Sentence"), ("GpuDeviceId", "2"), ("FallbackToCpu", "true"), ("IncludeTokens", "True"),
            ("batchSize", "3"), ("BATCHCHARACTERS", "4"), ("Linger", "1.5ms"), ("QueueCapacity", "5"), ("MaximumTextLength", "6"),
            ("ReloadInterval", "15m"));
        Assert.AreEqual("m.zip", options.ModelPath);
        Assert.AreEqual("Sentence", options.TextColumnName);
        Assert.AreEqual(2, options.GpuDeviceId);
        Assert.IsTrue(options.FallbackToCpu);
        Assert.IsTrue(options.IncludeTokens);
        Assert.AreEqual(3, options.BatchSize);
        Assert.AreEqual(4, options.BatchCharacters);
        Assert.AreEqual(TimeSpan.FromTicks(15_000), options.Linger);
        Assert.AreEqual(5, options.QueueCapacity);
        Assert.AreEqual(6, options.MaximumTextLength);
        Assert.AreEqual(TimeSpan.FromMinutes(15), options.ReloadInterval);
    }

    [TestMethod]
    [DataRow("""{"GpuDeviceIds": "0,2"}""", new[] { 0, 2 })]
    [DataRow("""{"GpuDeviceIds": [0, 2]}""", new[] { 0, 2 })]
    [DataRow("""{"GpuDeviceIds": 3}""", new[] { 3 })]
    [DataRow("""{"GpuDeviceIds": ""}""", null)]
    [DataRow("""{"GpuDeviceIds": null}""", null)]
    public void Several_GPUs_are_an_array_or_numbers_with_commas(string json, int[]? ids) =>
        Assert.AreSequenceEqual(ids ?? [], Read(Json($$"""{"ModelPath": "m.zip", {{json[1..]}}""")).GpuDeviceIds ?? []);

    [TestMethod]
    [DataRow(new[] { 1, 1 }, null, "GpuDeviceIds is '1,1'; it must be ids of GPUs, each once, or null")]
    [DataRow(new int[0], null, "GpuDeviceIds is ''")]
    [DataRow(new[] { 0, 1 }, 0, "GpuDeviceId is 0; it must be null where GpuDeviceIds is set")]
    public void Several_GPUs_are_different_ones_and_not_one_beside(int[] ids, int? one, string message)
    {
        IServiceCollection services = new ServiceCollection().AddMixtureOfSoftmaxes(options =>
        {
            options.ModelPath = "m.zip";
            options.GpuDeviceIds = ids;
            options.GpuDeviceId = one;
        });
        Assert.Contains(message, Assert.ThrowsExactly<OptionsValidationException>(() => Value(services)).Message);
    }

    [TestMethod]
    public void What_is_not_set_has_its_default_and_code_has_the_last_word()
    {
        LanguageModelScorerOptions options = Read(
            Settings(("QueueCapacity", "5"), ("Other", "x")), options => options.ModelPath += options.QueueCapacity);
        Assert.AreEqual("5", options.ModelPath);
        Assert.AreEqual(TimeSpan.FromSeconds(5), options.ReloadInterval);
        Assert.AreEqual(64, options.BatchSize);
    }

    [TestMethod]
    [DataRow("""{"ModelPath": "m.zip", "ReloadInterval": null}""")]
    [DataRow("""{"ModelPath": "m.zip", "ReloadInterval": ""}""")]
    public void Null_and_nothing_are_null(string json)
    {
        Assert.IsNull(Read(Json(json)).ReloadInterval);
    }

    [TestMethod]
    [DataRow("ReloadInterval", "90", "hh:mm:ss")]
    [DataRow("ReloadInterval", "1", "2h")]
    [DataRow("Linger", "0", "500ms")]
    [DataRow("Linger", "0,5s", "500ms")]
    [DataRow("QueueCapacity", "1,000", "an integer")]
    [DataRow("BatchSize", "abc", "an integer")]
    [DataRow("BatchSize", "", "an integer")]
    [DataRow("GpuDeviceId", "99999999999", "an integer")]
    [DataRow("GpuDeviceIds", "0,x", "integers with commas between them")]
    [DataRow("IncludeTokens", "yes", "true or false")]
    public void A_value_that_cannot_be_read_is_named_with_its_option_and_what_it_must_be(string name, string value, string form)
    {
        OptionsValidationException error = Assert.ThrowsExactly<OptionsValidationException>(() => Read((name, value)));
        Assert.StartsWith($"{name} is '{value}'; it must be ", error.Message);
        Assert.Contains(form, error.Message);
    }

    [TestMethod]
    public void All_values_that_cannot_be_read_are_named_together() => Assert.HasCount(
        2, Assert.ThrowsExactly<OptionsValidationException>(() => Read(("Linger", "1"), ("BatchSize", "1.5"))).Failures);

    [TestMethod]
    public void A_number_of_days_is_out_of_range_for_those_who_bind_the_options_themselves()
    {
        IServiceCollection services = new ServiceCollection()
            .Configure<LanguageModelScorerOptions>(Settings(("ReloadInterval", "1")))
            .AddMixtureOfSoftmaxes(options => options.ModelPath = "m.zip");
        OptionsValidationException error = Assert.ThrowsExactly<OptionsValidationException>(() => Value(services));
        Assert.Contains("ReloadInterval is 1.00:00:00", error.Message);
    }

    private static LanguageModelScorerOptions Read(params (string Name, string? Value)[] settings) => Read(Settings(settings));

    private static LanguageModelScorerOptions Read(IConfiguration settings, Action<LanguageModelScorerOptions>? configure = null) =>
        Value(new ServiceCollection().AddMixtureOfSoftmaxes(settings, configure));

    private static LanguageModelScorerOptions Value(IServiceCollection services)
    {
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<LanguageModelScorerOptions>>().Value;
    }

    private static IConfiguration Json(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static IConfiguration Settings(params (string Name, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        .Build();
}
