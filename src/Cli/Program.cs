Console.WriteLine("lazyoc");
