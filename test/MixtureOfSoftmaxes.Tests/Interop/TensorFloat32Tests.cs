using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop;

/// <summary>The switches are the process's, so no other test may set them meanwhile; they can be set without a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class TensorFloat32Tests
{
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(20);

    private static (bool Products, bool Recurrent) Switches
    {
        get => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        set => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = value;
    }

    [TestMethod]
    [DataRow(false, true, false)]
    [DataRow(false, true, true)]
    [DataRow(true, false, false)]
    [DataRow(true, true, true)]
    public void Both_switches_are_set_for_the_call_and_then_as_before(bool products, bool recurrent, bool isAllowed)
    {
        (bool, bool) at = Switches;
        try
        {
            Switches = (products, recurrent);
            using (TensorFloat32.Set(isAllowed))
            {
                Assert.AreEqual((isAllowed, isAllowed), Switches);
            }

            Assert.AreEqual((products, recurrent), Switches);
        }
        finally
        {
            Switches = at;
        }
    }

    [TestMethod]
    public void After_an_exception_they_are_as_before_too()
    {
        (bool Products, bool Recurrent) before = Switches;
        Assert.ThrowsExactly<ArithmeticException>(() => Fail(!before.Products));
        Assert.AreEqual(before, Switches);

        static void Fail(bool isAllowed)
        {
            using TensorFloat32.Use use = TensorFloat32.Set(isAllowed);
            Assert.AreEqual((isAllowed, isAllowed), Switches);
            throw new ArithmeticException();
        }
    }

    [TestMethod]
    public void A_use_within_another_keeps_the_setting_of_the_outer_one()
    {
        (bool, bool) before = Switches;
        using (TensorFloat32.Set(isAllowed: true))
        {
            using (TensorFloat32.Set(isAllowed: false))
            {
                Assert.AreEqual((true, true), Switches);
            }

            Assert.AreEqual((true, true), Switches);
        }

        Assert.AreEqual(before, Switches);
    }

    [TestMethod]
    public void Threads_that_need_the_same_compute_together_and_others_wait()
    {
        (bool, bool) before = Switches;
        using var sameIsIn = new ManualResetEventSlim();
        using var otherIsIn = new ManualResetEventSlim();
        using var maySameLeave = new ManualResetEventSlim();
        Thread same, other;
        using (TensorFloat32.Set(isAllowed: true))
        {
            same = Start(isAllowed: true, sameIsIn, maySameLeave);
            Assert.IsTrue(sameIsIn.Wait(s_longEnough), "the same setting is shared");
            other = Start(isAllowed: false, otherIsIn, leave: null);
            Assert.IsFalse(otherIsIn.Wait(TimeSpan.FromMilliseconds(100)), "another setting has to wait");
        }

        Assert.IsFalse(otherIsIn.Wait(TimeSpan.FromMilliseconds(100)), "until the last has left");
        maySameLeave.Set();
        Assert.IsTrue(otherIsIn.Wait(s_longEnough));
        same.Join();
        other.Join();
        Assert.AreEqual(before, Switches);
    }

    [TestMethod]
    public void Whoever_comes_after_one_that_waits_does_not_overtake_it()
    {
        using var otherIsIn = new ManualResetEventSlim();
        using var lateIsIn = new ManualResetEventSlim();
        Thread other, late;
        using (TensorFloat32.Set(isAllowed: true))
        {
            other = Start(isAllowed: false, otherIsIn, leave: null);
            Assert.IsTrue(SpinWait.SpinUntil(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin), s_longEnough));
            late = Start(isAllowed: true, lateIsIn, leave: null);
            Assert.IsFalse(lateIsIn.Wait(TimeSpan.FromMilliseconds(100)));
        }

        Assert.IsTrue(otherIsIn.Wait(s_longEnough) && lateIsIn.Wait(s_longEnough));
        other.Join();
        late.Join();
    }

    /// <summary>A thread that uses a setting, and leaves it when it may.</summary>
    private static Thread Start(bool isAllowed, ManualResetEventSlim isIn, ManualResetEventSlim? leave)
    {
        var thread = new Thread(() =>
        {
            using TensorFloat32.Use use = TensorFloat32.Set(isAllowed);
            if (Switches == (isAllowed, isAllowed))
            {
                isIn.Set();
            }

            leave?.Wait(s_longEnough);
        });
        thread.Start();
        return thread;
    }
}
