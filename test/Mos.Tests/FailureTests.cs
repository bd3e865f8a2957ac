using System.Reflection;

namespace Mos.Tests;

[TestClass]
public sealed class FailureTests
{
    [TestMethod]
    public void A_library_that_cannot_be_loaded_is_told_and_not_the_type_that_needed_it() => Assert.AreEqual(
        "No LibTorch.",
        Failure.Describe(new TypeInitializationException("TorchSharp.torch", new DllNotFoundException("No LibTorch."))));

    [TestMethod]
    public void What_ML_NET_and_reflection_wrap_is_told_and_not_that_they_did() => Assert.AreEqual(
        "Update the package.",
        Failure.Describe(new InvalidOperationException(
            "Error during class instantiation", new TargetInvocationException(new FormatException("Update the package.")))));

    [TestMethod]
    public void A_failure_is_one_line_without_the_names_of_parameters() => Assert.AreEqual(
        "It must be at least 1.", Failure.Describe(new ArgumentException("It must be at least 1.", "count")));
}
