using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Tests.RunWatch;

public sealed class WatchedNameTests
{
    [Theory]
    [InlineData("loss", "Min", false, "loss")]
    [InlineData("train_loss", "Min", false, "loss")]
    [InlineData("train_loss_epoch", "Min", false, "loss")]
    [InlineData("val_loss", "Min", true, "loss")]
    [InlineData("valLoss", "Min", true, "loss")]
    [InlineData("eval/loss", "Min", true, "loss")]
    [InlineData("loss/validation", "Min", true, "loss")]
    [InlineData("test.log_loss", "Min", true, "log_loss")]
    [InlineData("loss_box_reg", "Min", false, "loss_box_reg")]
    [InlineData("val/cross-entropy", "Min", true, "cross_entropy")]
    [InlineData("validation_0-rmse", "Min", true, "rmse")]
    [InlineData("error_rate", "Min", false, "error")]
    [InlineData("RMSE", "Min", false, "rmse")]
    [InlineData("training_mean_squared_error", "Min", false, "squared_error")]
    [InlineData("accuracy_score", "Max", false, "accuracy")]
    [InlineData("val_acc", "Max", true, "acc")]
    [InlineData("eval_f1", "Max", true, "f1")]
    [InlineData("test_roc_auc", "Max", true, "roc_auc")]
    [InlineData("holdout r2", "Max", true, "r2")]
    [InlineData("f1_macro", "Max", false, "f1")]
    [InlineData("loss_scale", null, false, "loss_scale")]
    [InlineData("learning_rate", null, false, "learning")]
    [InlineData("policy/entropy", null, false, "policy_entropy")]
    [InlineData("epoch", null, false, "")]
    [InlineData("score", null, false, "")]
    [InlineData("reward", null, false, "reward")]
    [InlineData("layer/12/weight.norm", null, false, "layer_weight_norm")]
    [InlineData("losses_skipped", null, false, "losses_skipped")]
    [InlineData("", null, false, "")]
    [InlineData("日本", null, false, "日本")]
    public void A_name_tells_its_direction_its_data_and_its_subject(string name, string? direction, bool isEvaluation, string subject)
    {
        var read = WatchedName.Of(name);

        Assert.Equal((direction, isEvaluation, subject), (read.Direction?.ToString(), read.IsEvaluation, read.Subject));
        Assert.True(read.Direction is null || WatchedName.MayTell(name));
    }

    [Theory]
    [InlineData("min", false, "Min")]
    [InlineData(" Maximize ", false, "Max")]
    [InlineData("off", true, "Min")]
    [InlineData("sideways", null, null)]
    [InlineData(null, null, null)]
    public void A_declaration_says_a_direction_or_that_nothing_is_watched(string? said, bool? isOff, string? direction)
    {
        var read = WatchedName.Declared(said);

        Assert.Equal((isOff, direction), (read?.IsOff, read?.Direction.ToString()));
    }

    [Fact]
    public void A_name_of_any_length_is_read() => Assert.Null(WatchedName.Of(new string('x', 100_000) + "_loss").Direction);
}
