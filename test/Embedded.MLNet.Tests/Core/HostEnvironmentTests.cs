using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Embedded.MLNet.Tests.Core;

[TestClass]
public class HostEnvironmentTests
{
    [TestMethod]
    public void Messages_of_components_arrive_with_their_source_and_kind()
    {
        var context = new MLContext();
        var messages = new List<LoggingEventArgs>();
        context.Log += (_, e) => messages.Add(e);
        using (IChannel channel = ((IHostEnvironment)context).Register("Trainer").Start("Training"))
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 40);

        LoggingEventArgs info = messages.Single(m => m.Kind == ChannelMessageKind.Info);
        Assert.AreEqual("epoch 1 of 40", info.RawMessage);
        Assert.AreEqual("Trainer; Training", info.Source);
        Assert.AreEqual("[Source=Trainer; Training, Kind=Info] epoch 1 of 40", info.Message);
    }

    [TestMethod]
    public void A_channel_traces_that_it_starts_finishes_and_is_disposed_once()
    {
        var context = new MLContext();
        var messages = new List<string>();
        context.Log += (_, e) => messages.Add($"{e.Kind} {e.RawMessage.Split('.')[0]}");
        IChannel channel = ((IHostEnvironment)context).Start("Work");
        channel.Dispose();
        channel.Dispose();
        CollectionAssert.AreEqual(
            new[] { "Trace Channel started", "Trace Channel finished", "Trace Channel disposed" }, messages);
    }

    [TestMethod]
    public void A_text_without_arguments_is_no_format()
    {
        var context = new MLContext();
        string text = "";
        context.Log += (_, e) => text = e.Kind == ChannelMessageKind.Warning ? e.RawMessage : text;
        using IChannel channel = ((IHostEnvironment)context).Start("Work");
        channel.Warning(MessageSensitivity.None, "{braces} stay");
        Assert.AreEqual("{braces} stay", text);
    }

    // As the official library names them: the host between is left out.
    [TestMethod]
    public void Hosts_are_named_after_the_host_two_levels_up()
    {
        var context = new MLContext();
        var sources = new List<string>();
        context.Log += (_, e) => sources.Add(e.Source);
        IHost one = ((IHostEnvironment)context).Register("One");
        IHost two = one.Register("Two");
        IHost three = two.Register("Three");
        foreach (IHostEnvironment host in new IHostEnvironment[] { context, one, two, three })
            host.Start("ch");
        CollectionAssert.AreEqual(new[] { "ch", "One; ch", "Two; ch", "One; Three; ch" }, sources);
    }

    [TestMethod]
    public void An_exception_carries_the_names_of_its_component_and_phase()
    {
        IHost host = ((IHostEnvironment)new MLContext()).Register("Trainer");
        using IChannel channel = host.Start("Training");
        InvalidOperationException e = channel.Process(new InvalidOperationException("x"));
        Assert.AreEqual("Trainer", e.Data["Throwing component"]);
        Assert.AreEqual("Training", e.Data["Phase"]);
    }

    [TestMethod]
    public void Hosts_take_over_device_and_seed_when_they_are_registered()
    {
        var context = new MLContext(seed: 9) { GpuDeviceId = 2, FallbackToCpu = true, TempFilePath = "tmp" };
        var host = (IHostEnvironmentInternal)((IHostEnvironment)context).Register("A").Register("B");
        context.GpuDeviceId = 3;
        Assert.AreEqual(2, host.GpuDeviceId);
        Assert.IsTrue(host.FallbackToCpu);
        Assert.AreEqual("tmp", host.TempFilePath);
        Assert.AreEqual(9, host.Seed);
    }

    [TestMethod]
    public void A_new_context_asks_for_no_gpu_and_no_fallback()
    {
        var context = new MLContext();
        Assert.IsNull(context.GpuDeviceId);
        Assert.IsFalse(context.FallbackToCpu);
    }

    [TestMethod]
    public void Cancelling_reaches_hosts_of_before_and_after()
    {
        var context = new MLContext();
        IHost before = ((IHostEnvironment)context).Register("A").Register("B");
        before.CheckAlive();
        context.CancelExecution();
        Assert.ThrowsExactly<OperationCanceledException>(before.CheckAlive);
        Assert.ThrowsExactly<OperationCanceledException>(((IHostEnvironment)context).Register("C").CheckAlive);
    }

    [TestMethod]
    public void Options_are_read_back_by_name_and_type()
    {
        var context = new MLContext();
        context.SetOption("a", 1);
        Assert.IsFalse(context.TryAddOption("a", 2));
        Assert.IsTrue(context.TryGetOption("a", out int value));
        Assert.AreEqual(1, value);
        Assert.IsFalse(context.TryGetOption("a", out string? _));
        Assert.AreEqual(0, context.GetOptionOrDefault<int>("b"));
        Assert.IsTrue(context.RemoveOption("a"));
        Assert.IsFalse(context.TryGetOption("a", out int _));
    }

    [TestMethod]
    public void A_checkpoint_takes_no_more_values_than_the_header_names()
    {
        using IProgressChannel progress = ((IHostEnvironment)new MLContext()).StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["Loss"], ["epochs", "tokens"]), _ => { });
        progress.Checkpoint(0.5, 1, 2, 40, null);
        Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint(0.5, 1, 2, 40, null, 6));
        progress.Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint(0.5));
    }

    [TestMethod]
    public void Progress_is_not_logged()
    {
        var context = new MLContext();
        int messages = 0;
        context.Log += (_, _) => messages++;
        using (IProgressChannel progress = ((IHostEnvironment)context).StartProgressChannel("Training"))
        {
            progress.SetHeader(new ProgressHeader("rows"), e => e.SetProgress(0, 1));
            progress.Checkpoint(1);
        }

        Assert.AreEqual(0, messages);
    }
}
