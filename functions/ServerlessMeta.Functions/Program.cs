using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using ServerlessMeta.App;
using ServerlessMeta.Functions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddServerlessMeta(builder.Configuration, tokenRequired: true);
ServiceBusBus.Add(builder.Services, builder.Configuration);
await builder.Build().RunAsync();
