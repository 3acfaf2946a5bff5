package dev.cxr.train;

import dev.cxr.train.export.ValidationReport;
import dev.cxr.train.loop.EpochMetrics;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of a training.
 *
 * @param bundle folder of the model bundle
 * @param name of the recipe
 * @param epoch whose weights the bundle has, from 1; 0 if the recipe trains no epochs
 * @param history every epoch; empty for a cascade, whose steps have their own
 * @param validation metrics with 95 % intervals on validation, at the operating threshold. They are
 *     optimistic: validation chose epoch and threshold
 * @since 0.1
 */
public record TrainedModel(
    Path bundle, String name, int epoch, List<EpochMetrics> history, ValidationReport validation) {}
