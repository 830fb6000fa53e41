using LazyOC.Marketplace;

return await MarketCommand.Create().Parse(args).InvokeAsync();
