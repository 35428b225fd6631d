"""Weights kept in 16 bits in model.onnx: half the file, 99 of 100 joints within .02 pixels.

Each is followed by a Cast to 32 bits, which is plain ONNX. Teardrop casts when it reads the file; OpenCV 4.6 by itself does
not read 16 bits at all.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import numpy as np


def keep(model) -> None:
    """Weights of PyTorch's modules (their names begin with "net.") in 16 bits; round them before."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and tensor.name.startswith("net."):
            half = numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(half, tensor.name))
            casts.append(helper.make_node("Cast", [tensor.name], [tensor.name + ".float"], to=TensorProto.FLOAT))
    _take(model, {cast.input[0]: cast.output[0] for cast in casts})
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def read(path: str):
    """A model.onnx with all weights in 32 bits."""
    import onnx
    from onnx import TensorProto, numpy_helper

    model = onnx.load(path)
    kept = {t.name: t for t in model.graph.initializer if t.data_type == TensorProto.FLOAT16}
    casts = [node for node in model.graph.node if node.op_type == "Cast" and node.input[0] in kept]
    for cast in casts:
        tensor = kept[cast.input[0]]
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), tensor.name))
        model.graph.node.remove(cast)
    _take(model, {cast.output[0]: cast.input[0] for cast in casts})
    return model


def for_opencv(path: str) -> np.ndarray:
    """What cv2.dnn.readNetFromONNX takes instead of the file."""
    return np.frombuffer(read(path).SerializeToString(), np.uint8)


def _take(model, instead) -> None:
    for node in model.graph.node:
        for i, name in enumerate(node.input):
            node.input[i] = instead.get(name, name)
