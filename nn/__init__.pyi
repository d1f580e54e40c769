from .calibration import Calibration as Calibration
from .calibration import fit_calibration as fit_calibration
from .data.dataset import Dataset as Dataset
from .data.dataset import DigitData as DigitData
from .data.mnist import load_mnist as load_mnist
from .data.reading import read_digits as read_digits
from .data.sources import load_digits as load_digits
from .data.splits import split_by_label as split_by_label
from .data.splits import split_by_writer as split_by_writer
from .data.splits import three_parts as three_parts
from .data.synthetic import synthetic_dataset as synthetic_dataset
from .errors import InklingError as InklingError
from .evaluation import Evaluation as Evaluation
from .evaluation import evaluate as evaluate
from .events import (
    EpochEnded as EpochEnded,
)
from .events import (
    StepTaken as StepTaken,
)
from .events import (
    TrainingEnded as TrainingEnded,
)
from .events import (
    TrainingStarted as TrainingStarted,
)
from .explain.imagination import imagine as imagine
from .explain.imagination import imagine_all as imagine_all
from .files.opening import open_network as open_network
from .files.shipped import shipped_network as shipped_network
from .files.weights import load_network as load_network
from .files.weights import save_network as save_network
from .gradients import gradient_error as gradient_error
from .gradients import numerical_gradient as numerical_gradient
from .gradients import numerical_network_gradient as numerical_network_gradient
from .gradients import parameter_error as parameter_error
from .initializers import Uniform as Uniform
from .ink.frame import frame_from_drawing as frame_from_drawing
from .ink.pictures import frame_from_picture as frame_from_picture
from .ink.strokes import Drawing as Drawing
from .ink.strokes import Stroke as Stroke
from .layers import (
    AveragePooling as AveragePooling,
)
from .layers import (
    BatchNormalization as BatchNormalization,
)
from .layers import (
    Convolution as Convolution,
)
from .layers import (
    Dense as Dense,
)
from .layers import (
    Dropout as Dropout,
)
from .layers import (
    Flatten as Flatten,
)
from .layers import (
    Identity as Identity,
)
from .layers import (
    Layer as Layer,
)
from .layers import (
    LeakyReLU as LeakyReLU,
)
from .layers import (
    MaxPooling as MaxPooling,
)
from .layers import (
    ReLU as ReLU,
)
from .layers import (
    Sigmoid as Sigmoid,
)
from .layers import (
    Softmax as Softmax,
)
from .layers import (
    Softplus as Softplus,
)
from .layers import (
    Step as Step,
)
from .layers import (
    Tanh as Tanh,
)
from .layers import (
    col2im as col2im,
)
from .layers import (
    conv_output_size as conv_output_size,
)
from .layers import (
    im2col as im2col,
)
from .losses import CrossEntropy as CrossEntropy
from .losses import OpenCrossEntropy as OpenCrossEntropy
from .losses import SigmoidCrossEntropy as SigmoidCrossEntropy
from .losses import SquaredError as SquaredError
from .network import Network as Network
from .network import mlp as mlp
from .recipes import RECIPES as RECIPES
from .recipes import recipe as recipe
from .recognition import Prediction as Prediction
from .recognition import recognize as recognize
from .recognition import recognize_drawings as recognize_drawings
from .training import Training as Training
from .training import train as train
from .training_config import TrainingConfig as TrainingConfig
