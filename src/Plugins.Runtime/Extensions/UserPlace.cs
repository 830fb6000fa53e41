using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>Where the user is on the screen, as far as plugins may hear of it. Equal by value.</summary>
/// <param name="Screen">What is shown.</param>
/// <param name="Namespace">Of which namespace.</param>
/// <param name="Selection">What is selected in it.</param>
/// <param name="Theme">In which colours.</param>
public sealed record UserPlace(UiScreen Screen, UiNamespace Namespace, UiSelection Selection, UiTheme Theme);
