namespace Embedded.TorchSharp.Tests.DisposeScopes;

[TestClass]
public class DisposeScopeTests
{
    [TestMethod]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside;
        using var before = zeros(1);
        using (var scope = NewDisposeScope())
        {
            inside = before + 1;
            Assert.AreSame(scope, CurrentDisposeScope);
            Assert.AreEqual(1, scope.DisposablesCount);
        }
        Assert.IsTrue(inside.IsInvalid);
        Assert.IsFalse(before.IsInvalid);
        Assert.IsNull(CurrentDisposeScope);
    }

    [TestMethod]
    public void What_is_moved_out_lives_until_the_outer_scope_ends()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope()) kept = inner.MoveToOuter(zeros(1) + 1);
            Assert.IsFalse(kept.IsInvalid);
        }
        Assert.IsTrue(kept.IsInvalid);
    }

    [TestMethod]
    public void What_is_detached_belongs_to_no_scope()
    {
        Tensor kept, moved;
        using (NewDisposeScope())
        {
            kept = zeros(1).DetachFromDisposeScope();
            moved = zeros(1).MoveToOuterDisposeScope();
        }
        Assert.IsFalse(kept.IsInvalid);
        Assert.IsFalse(moved.IsInvalid);
    }

    [TestMethod]
    public void Everything_but_what_is_named_is_disposed()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (zeros(1), zeros(1));
        scope.DisposeEverythingBut(a);
        Assert.IsFalse(a.IsInvalid);
        Assert.IsTrue(b.IsInvalid);
    }

    [TestMethod]
    public void A_wrapped_expression_leaves_its_result_only()
    {
        long before = Tensor.TotalCount;
        using var result = WrappedTensorDisposeScope(() => zeros(1) + 1 + 2 + 3);
        Assert.AreEqual(6f, result.item<float>());
        Assert.AreEqual(before + 1, Tensor.TotalCount);
    }

    [TestMethod]
    public void Disposing_a_tensor_early_takes_it_out_of_its_scope()
    {
        using var scope = NewDisposeScope();
        var t = zeros(1);
        t.Dispose();
        t.Dispose();
        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void A_disposed_tensor_says_so()
    {
        var t = zeros(1);
        t.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => t.add(1));
    }

    [TestMethod]
    public void Scopes_of_one_thread_do_not_see_the_tensors_of_another()
    {
        using var scope = NewDisposeScope();
        var thread = new Thread(() =>
        {
            using var t = zeros(1);
            Assert.IsNull(CurrentDisposeScope);
        });
        thread.Start();
        thread.Join();
        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void Statistics_count_by_place_of_birth()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        using (zeros(1))
        using (NewDisposeScope())
        {
            _ = zeros(1);
            zeros(1).DetachFromDisposeScope().Dispose();
        }
        Assert.AreEqual(1L, statistics.CreatedOutsideScopeCount);
        Assert.AreEqual(2L, statistics.CreatedInScopeCount);
        Assert.AreEqual(1L, statistics.DetachedFromScopeCount);
        Assert.AreEqual(0L, statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void A_parameter_takes_its_tensors_place_in_the_scope()
    {
        nn.Module module;
        using (NewDisposeScope())
        {
            module = nn.Linear(2, 2);
            var loose = new global::TorchSharp.Modules.Parameter(zeros(1));
            Assert.AreEqual(1, CurrentDisposeScope!.DisposablesCount);
            Assert.IsTrue(CurrentDisposeScope.Contains(loose));
        }
        Assert.IsTrue(module.parameters().All(parameter => !parameter.IsInvalid));
        Assert.AreEqual(2, module.parameters().Count());
    }
}
